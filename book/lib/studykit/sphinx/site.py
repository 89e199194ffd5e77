"""Addresses, assets and page furniture: what every page of the site has and no chapter should have to say."""

import logging
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from studykit.build.modules import MODULES, bundle, served_source
from studykit.build.theme import css_variables

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
VENDOR = Path(__file__).parent.parent / "vendor"
BUNDLED = (
    "practice",
    "progress",
    "quiz",
    "stories",
    "kit",
    "today",
)  # their modules come as one file, not as a chain of many
LOCAL = "http://localhost:8000/"  # where `make serve` shows the site


def addresses(app: Sphinx, config: Config) -> None:
    """Absolute links (sitemap, Open Graph, 404) from the environment's SITE_URL; canonical links only with it."""
    url = os.environ.get("SITE_URL", LOCAL).rstrip("/") + "/"
    config.site_url = config.ogp_site_url = url
    config.notfound_urls_prefix = urlsplit(url).path
    if "SITE_URL" in os.environ:
        config.html_baseurl = url


def apply_theme(app: Sphinx, config: Config) -> None:
    """Hand the guide's colors, fonts and templates to the theme, which writes each page once for light and dark."""
    for position, mode in enumerate(("light", "dark")):
        config.html_theme_options[f"{mode}_css_variables"] = css_variables(position)
    config.html_theme_options["top_of_page_buttons"] = []  # a notebook page offers its notebook under the title
    config.pygments_style = "a11y-high-contrast-light"
    config.templates_path.append(str(TEMPLATES))


def dark_code(app: Sphinx) -> None:
    """The theme's own option for code in the dark: it exists only once the theme is loaded."""
    app.config.pygments_dark_style = "a11y-high-contrast-dark"


def write_assets(target: Path) -> None:
    """Put everything a page loads into the folder ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    for path in [*STATIC.iterdir(), *MODULES.glob("*.css"), *VENDOR.iterdir()]:
        shutil.copyfile(path, target / path.name)
    for path in MODULES.rglob("*.mjs"):
        place = target / path.relative_to(MODULES)
        place.parent.mkdir(exist_ok=True)
        place.write_text(served_source(path), encoding="utf-8")
    for kind in BUNDLED:
        (target / f"{kind}.mjs").write_text(bundle(kind), encoding="utf-8")


def copy_assets(app: Sphinx) -> None:
    """Every asset under ``_static``, on every build: Sphinx copies changed ones only when a page changed too."""
    if app.builder.format == "html":
        write_assets(Path(app.outdir, "_static", "studykit"))


def allow_page_labels(app: Sphinx) -> None:
    """Let every chapter have the anchors that all chapters have: they are pointed at by page, never by name alone."""
    allowed = set(app.config.studykit_page_labels)

    def keep(record: logging.LogRecord) -> bool:
        label = record.args[0] if isinstance(record.args, tuple) and record.args else None
        return not (str(record.msg).startswith("duplicate label") and label in allowed)

    logging.getLogger("sphinx.sphinx.domains.std").addFilter(keep)


def setup(app: Sphinx) -> None:
    # The book lives in `book/`, the configuration beside it: pages get clean addresses (`/stages/technical.html`)
    # and `jupyter-book build .` still works where a reader would type it. Sphinx creates project and environment
    # after it has loaded extensions, so the source folder can be moved here.
    app.srcdir = type(app.srcdir)(app.srcdir / "book")
    # Jupyter Book sets these for extensions that this site does without
    for name in ("comments_config", "use_jupyterbook_latex"):
        app.add_config_value(name, None, "")
    app.add_config_value("studykit_page_labels", ["in-the-room"], "env")
    app.connect("builder-inited", allow_page_labels)
    app.connect("config-inited", addresses, priority=100)
    app.connect("config-inited", apply_theme, priority=100)
    app.connect("builder-inited", dark_code)
    app.connect("builder-inited", copy_assets)
    app.add_css_file("studykit/widgets.css")
    app.add_css_file("studykit/guide.css")
    # before what the theme adds, and in the front row: what a reader can press waits for it
    app.add_js_file("studykit/guide.mjs", type="module", fetchpriority="high", priority=100)
