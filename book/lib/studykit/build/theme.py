"""The guide's colors, each as (light, dark), and its fonts: teal for what to press, rust for what to watch.

Text colors hold 4.5:1 and control borders 3:1 against every background they stand on, in both themes; a test computes it.
"""

FONTS = {
    "font-stack": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    "font-stack--headings": 'Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif',
    "font-stack--monospace": 'ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace',
}

BACKGROUNDS = {
    "color-background-primary": ("#ffffff", "#12181e"),
    "color-background-secondary": ("#f5f7f8", "#182027"),
    "color-inline-code-background": ("#eef1f3", "#222c35"),
    "guide-tint-plain": ("#f3f5f7", "#1b242c"),
    "guide-tint-teal": ("#e9f3f3", "#15282c"),
    "guide-tint-rust": ("#fbeee7", "#2c1f19"),
    "guide-tint-sand": ("#faf3e8", "#2a2519"),
}

TEXT = {
    "color-foreground-primary": ("#1d2733", "#e4e9ed"),
    "color-foreground-secondary": ("#4d5964", "#b4bec7"),
    "color-foreground-muted": ("#566270", "#9aa6b1"),
    "color-brand-primary": ("#0b5f66", "#6fcbd0"),
    "color-brand-content": ("#0b5f66", "#6fcbd0"),
    "color-brand-visited": ("#0b5f66", "#6fcbd0"),
    "color-link": ("#0b5f66", "#6fcbd0"),
    "color-link--hover": ("#063f44", "#a5e3e6"),
    "guide-rust": ("#9a3c13", "#f0a37c"),
    "guide-good": ("#1a6b3c", "#7fd1a0"),
    "sk-good": ("#1a6b3c", "#7fd1a0"),
    "sk-bad": ("#9a3c13", "#f0a37c"),
}

CONTROLS = {
    "sk-control-line": ("#737d87", "#8c98a3"),
    "guide-sand": ("#a9762f", "#c99a5c"),
}

OTHER = {
    "color-background-border": ("#d9dee3", "#34404b"),
    "sk-button-text": ("#ffffff", "#0c1418"),  # on color-brand-primary
}

# A figure's JSON carries the light color; its twin in the dark theme stands beside it.
FIGURE_COLORS = {
    "1d2733": "e4e9ed",  # ink
    "5f6b76": "9aa6b1",  # quiet
    "d9dee3": "34404b",  # grid
    "ffffff": "12181e",  # paper
    "0b5f66": "6fcbd0",  # teal
    "b04a1b": "f08c5a",  # rust
    "d9a86c": "c99a5c",  # sand
    "a9c7c9": "456669",  # mist
}


def css_variables(position: int) -> dict[str, str]:
    """All variables for the light theme (position 0) or the dark one (1), by name without its dashes."""
    colors = {name: pair[position] for part in (BACKGROUNDS, TEXT, CONTROLS, OTHER) for name, pair in part.items()}
    figures = {f"c-{light}": f"#{(light, dark)[position]}" for light, dark in FIGURE_COLORS.items()}
    return FONTS | colors | figures
