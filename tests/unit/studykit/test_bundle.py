"""The archive of all notebooks: the same bytes each time, a wheel that says what it holds, nothing of a reader's lost."""

import base64
import hashlib
import json
import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from studykit.build import bundle
from studykit.build.bundle import archive, colab_address, contents, for_colab, project, write_folder
from tests.conftest import ROOT

SITE = "https://example.org/guide/"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return contents(ROOT)


@pytest.fixture(scope="module")
def wheel() -> bytes:
    return bundle.build_wheel(ROOT)


def test_an_archive_is_the_same_whatever_the_order_and_the_day():
    made = archive({"b/x.txt": b"x" * 99, "a.txt": b"a"})
    assert made == archive({"a.txt": b"a", "b/x.txt": b"x" * 99})
    with ZipFile(BytesIO(made)) as opened:
        assert [(entry.filename, entry.date_time, entry.external_attr >> 16) for entry in opened.infolist()] == [
            ("a.txt", (1980, 1, 1, 0, 0, 0), 0o644),
            ("b/x.txt", (1980, 1, 1, 0, 0, 0), 0o644),
        ]
    assert made != archive({"b/x.txt": b"x" * 99, "a.txt": b"b"})


def test_a_second_wheel_has_the_same_bytes_and_its_record_is_true(wheel):
    assert bundle.build_wheel(ROOT) == wheel
    with ZipFile(BytesIO(wheel)) as opened:
        names = opened.namelist()
        (record,) = [name for name in names if name.endswith("/RECORD")]
        rows = [row.split(",") for row in opened.read(record).decode().splitlines()]
        assert sorted(row[0] for row in rows) == sorted(names)
        for name, digest, _ in rows:
            if name != record:
                found = base64.urlsafe_b64encode(hashlib.sha256(opened.read(name)).digest()).rstrip(b"=")
                assert digest == f"sha256={found.decode()}"
    library = ROOT / "book" / "lib"
    paths = (path.relative_to(library) for path in library.glob("*/**/*") if path.is_file())
    sources = {path.as_posix() for path in paths if not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)}
    held = {name for name in names if "dist-info" not in name}
    assert held == {name for name in sources if ".egg-info/" not in name and not name.endswith(".d.ts")}


def test_a_wheel_that_cannot_be_built_says_why(tmp_path):
    for name in bundle.BUILT_FROM:
        (tmp_path / name).write_text("")
    (tmp_path / "pyproject.toml").write_text('[build-system]\nrequires = []\n[project]\nname = "x"\n')
    (tmp_path / "book" / "lib").mkdir(parents=True)
    with pytest.raises(RuntimeError, match=r"the wheel was not built:[\s\S]*version"):
        bundle.build_wheel(tmp_path)


def test_the_folder_asks_for_its_wheel_at_the_versions_that_are_tested(files):
    name = bundle.wheel_name(project(ROOT))
    assert files["requirements.txt"].decode().splitlines()[-1] == f"./{name}[lab]"
    pinned = re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    constraints = files["constraints.txt"].decode().splitlines()
    assert [line.split(" ; ")[0] for line in constraints] == pinned
    assert all(re.fullmatch(r"[\w.-]+==[\w.+!-]+( ; [^\\]+)?", line) for line in constraints)


def test_the_folder_holds_notebooks_data_and_what_notebooks_offer(files):
    stored = {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("[!.]*") if path.is_file()}
    assert {name for name in files if name.startswith("data/")} == stored
    assert {"README.md", "LICENSE", "book/values.json", "book/reference/kpis.xlsx"} <= set(files)
    assert len([name for name in files if name.endswith(".ipynb")]) == len(list((ROOT / "book").rglob("*/*.ipynb")))
    values = json.loads(files["book/values.json"])
    assert values
    assert all("path" not in value and value["text"] for value in values.values())


def test_the_first_cell_in_colab_installs_from_the_archive(files):
    about, page = project(ROOT), "cases/negotiation"
    stored = json.loads(files[f"book/{page}.ipynb"])
    notebook = json.loads(for_colab(stored, page, about, f"{SITE}_static/{about['name']}.zip"))
    first, *others = notebook["cells"]
    assert others == stored["cells"]
    assert "".join(first["source"]).splitlines()[2:] == [
        "%cd -q /content",
        f"!wget -q {SITE}_static/{about['name']}.zip && unzip -q -o {about['name']}.zip",
        f"%pip install -q ./{about['name']}/{bundle.wheel_name(about)}",
        f"%cd -q {about['name']}/book/cases",
    ]
    assert colab_address(f"{SITE}a b.ipynb").endswith("#fileId=https%3A//example.org/guide/a%20b.ipynb")


def test_a_readers_changes_are_kept_and_named(tmp_path):
    assert write_folder({"a/x.ipynb": b"one", "a/y.ipynb": b"one"}, tmp_path) == []
    (tmp_path / "a" / "x.ipynb").write_bytes(b"mine")
    for news in (b"two", b"three"):
        assert write_folder({"a/x.ipynb": news, "a/y.ipynb": news}, tmp_path) == ["a/x.ipynb"]
        assert (tmp_path / "a" / "x.ipynb").read_bytes() == b"mine"
        assert (tmp_path / "a" / "y.ipynb").read_bytes() == news
    (tmp_path / "a" / "x.ipynb").unlink()
    assert write_folder({"a/x.ipynb": b"three"}, tmp_path) == []
    assert (tmp_path / "a" / "x.ipynb").read_bytes() == b"three"


def test_a_file_that_is_wanted_no_more_goes_unless_it_was_changed(tmp_path):
    write_folder({"a/x": b"one", "a/y": b"one", "z": b"one"}, tmp_path)
    (tmp_path / "a" / "y").write_bytes(b"mine")
    (tmp_path / "other").write_bytes(b"mine")
    assert write_folder({"z": b"one"}, tmp_path) == []
    assert sorted(path.name for path in tmp_path.rglob("[!.]*") if path.is_file()) == ["other", "y", "z"]


def test_for_jupyterlab_notebooks_stand_beside_their_data(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("SITE_URL", raising=False)
    bundle.main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".written.json", "book", "data"]
    (tmp_path / "book" / "cases" / "negotiation.ipynb").write_text("{}")
    bundle.main(tmp_path)
    assert "negotiation.ipynb: you have changed it" in capsys.readouterr().out


def test_a_file_that_is_as_it_should_be_is_not_touched(tmp_path):
    write_folder({"x": b"one"}, tmp_path)
    before = (tmp_path / "x").stat().st_mtime_ns
    assert write_folder({"x": b"one"}, tmp_path) == []
    assert (tmp_path / "x").stat().st_mtime_ns == before
