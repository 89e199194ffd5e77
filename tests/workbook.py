"""Every formula of `kpis.xlsx`, calculated by LibreOffice and held against pandas: `make test-workbook`.

The workbook is written without its stored values (each formula says -1), so what LibreOffice hands back it has
calculated. Not part of `make test`, which compares the stored values.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

from fulfillment import data
from fulfillment.kpis.catalog import run
from fulfillment.kpis.workbook import COMPUTED, TABLES, sample, write

TOLERANCE = 1e-8  # a time in a workbook is a number of days, so its hours have fewer digits
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def main() -> int:
    """Print how many formulas agree and the largest difference; 1 if one does not."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        sys.exit("No LibreOffice: install libreoffice-calc from the system's packages.")
    tables = sample({name: data.load(name) for name in TABLES})
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile", "user")
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
        write(Path(folder, "kpis.xlsx"), tables, cached=False)
        own = f"-env:UserInstallation={profile.parent.as_uri()}"
        convert = ["--headless", "--convert-to", "xlsx", "--outdir", f"{folder}/calculated", f"{folder}/kpis.xlsx"]
        subprocess.run([office, own, *convert], check=True, capture_output=True)
        front = openpyxl.load_workbook(Path(folder, "calculated", "kpis.xlsx"), data_only=True)["KPIs"]
    worst, failed = 0.0, 0
    for row, kpi in enumerate(COMPUTED, start=4):
        expected, found = run(kpi.id, tables), front.cell(row, 3).value
        difference = abs(found - expected) / max(1.0, abs(expected)) if isinstance(found, int | float) else float("inf")
        worst = max(worst, difference)
        if front.cell(row, 2).value != kpi.name or difference > TOLERANCE:
            failed += 1
            print(f"{kpi.id}: LibreOffice {found!r}, pandas {float(expected)!r}")
    print(f"{len(COMPUTED) - failed} of {len(COMPUTED)} formulas equal to pandas, largest difference {worst:.1e}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
