"""Contrast of the guide's colors, computed as WCAG 2 defines it, and the figures' palette."""

import itertools

import pytest

from fulfillment.charts import PALETTE
from studykit.build.theme import BACKGROUNDS, CONTROLS, FIGURE_COLORS, OTHER, TEXT


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "background"), itertools.product(TEXT, BACKGROUNDS))
def test_text_stands_out(mode, text, background):
    assert contrast(TEXT[text][mode], BACKGROUNDS[background][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("control", CONTROLS)
def test_controls_stand_out(mode, control):
    assert contrast(CONTROLS[control][mode], BACKGROUNDS["color-background-secondary"][mode]) >= 3


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_a_button_reads(mode):
    assert contrast(OTHER["sk-button-text"][mode], TEXT["color-brand-primary"][mode]) >= 4.5


def test_every_figure_color_has_a_twin_in_the_dark():
    assert {color.lstrip("#") for color in PALETTE} == set(FIGURE_COLORS)
