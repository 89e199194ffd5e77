"""A page offers its notebook, filled: alone, with all others in one archive, and, where the site has an address, in Colab."""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from studykit.build.bundle import bundle, colab_address, contents, for_colab, project

COLAB = "_static/colab"


class offer_node(nodes.Invisible, nodes.paragraph):
    """What a page offers is not what it is about: whoever describes the page to others skips it as invisible."""


def write_notebooks(app: Sphinx) -> None:
    """The filled copies, each beside its page, and the archive; before pages are written, because they state its size.

    A project without a package has no notebooks that could run elsewhere, and offers none.
    """
    offered: dict[str, Any] = vars(app.env).get("studykit_notebooks", {})
    vars(app.env)["studykit_notebooks"] = {}
    if app.builder.name != "html" or not Path(app.confdir, "pyproject.toml").is_file():
        return
    root, out, site = Path(app.confdir), Path(app.outdir), app.config.html_baseurl
    files, about = contents(root, site), project(root)
    made, archive = bundle(root, files), f"_static/{about['name']}.zip"
    copies = {name.removeprefix("book/"): text for name, text in files.items() if name.endswith(".ipynb")}
    written = {archive: made} | copies
    if site:
        for name, text in copies.items():
            first = for_colab(json.loads(text), name, about, site + archive)
            written[f"{COLAB}/{name}"] = first.encode()
    for name, content in written.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    now = {"archive": archive, "size": f"{len(made) / 1e6:.1f}\u00a0MB", "pages": [name[:-6] for name in copies]}
    vars(app.env)["studykit_notebooks"] = now
    if offered != now:
        app.connect("env-updated", lambda app, env: now["pages"])


def archive_link(env: BuildEnvironment, docname: str, text: str) -> list[nodes.Node]:
    """A link to the archive with its size behind; plain text where there is none."""
    offered = vars(env)["studykit_notebooks"]
    if not offered:
        return [nodes.Text(text)]
    address = "../" * docname.count("/") + offered["archive"]
    return [nodes.reference("", text, refuri=address, classes=["sk-archive"]), nodes.Text(f" ({offered['size']})")]


class ArchiveRole(SphinxRole):
    """``{notebooks}`all notebooks``` links the archive of all notebooks and states its size."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        self.env.note_reread()  # the size may be another one next time
        return archive_link(self.env, self.env.docname, self.text), []


def offer_notebook(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Under a notebook page's title: the notebook to download, all of them, and how to run them."""
    if docname not in vars(app.env)["studykit_notebooks"].get("pages", ()):
        return
    name = docname.rpartition("/")[2]
    note = offer_node("", "This page is a notebook. ", classes=["sk-notebook"])
    note += nodes.reference("", "Download it", refuri=f"{name}.ipynb", classes=["sk-download"])
    note += [
        nodes.Text(", or "),
        *archive_link(app.env, docname, "all notebooks with their data"),
        nodes.Text(", and "),
    ]
    note += nodes.reference("", "run them on your machine", refuri=f"{'../' * docname.count('/')}index.html#run-it")
    if site := app.config.html_baseurl:
        address = colab_address(f"{site}{COLAB}/{docname}.ipynb")
        note += [nodes.Text(", or "), nodes.reference("", "open it in Colab", refuri=address, classes=["sk-colab"])]
    note += nodes.Text(": every number is computed there again.")
    for title in list(doctree.findall(nodes.title))[:1]:
        title.parent.insert(title.parent.index(title) + 1, note)


def setup(app: Sphinx) -> None:
    app.add_role("notebooks", ArchiveRole())
    app.add_node(offer_node, html=(HTML5Translator.visit_paragraph, HTML5Translator.depart_paragraph))
    app.connect("builder-inited", write_notebooks)
    app.connect("doctree-resolved", offer_notebook)
