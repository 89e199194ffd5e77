"""Other processors, imitated on this one: `python -m tests.portable` runs what computes under each setting.

Every notebook is executed and compared with its stored outputs, and every unit test that uses `fulfillment` runs: the
simulator byte for byte, the workbook, the KPIs, the solvers. What a setting takes away, a reader's machine may lack:
numpy's vector code orders and adds otherwise, another BLAS kernel rounds products otherwise, a C library without fused
multiply-add rounds logarithms otherwise. Settings that this machine cannot imitate are named and left out.
"""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

ROOT = Path(__file__).parent.parent
X86 = platform.machine() in ("x86_64", "AMD64")
VECTORS = " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))
ONE, TWO = {"OPENBLAS_NUM_THREADS": "1"}, {"OPENBLAS_NUM_THREADS": "2"}

#: name -> environment; nothing where this machine cannot imitate it
SETTINGS: dict[str, dict[str, str] | None] = {
    "as is, two threads": TWO,
    "numpy without its vector code, one thread": ONE | {"NPY_DISABLE_CPU_FEATURES": VECTORS} if VECTORS else None,
    "BLAS of an older processor, one thread": ONE | {"OPENBLAS_CORETYPE": "Nehalem"} if X86 else None,
    "BLAS of an older processor, two threads": TWO | {"OPENBLAS_CORETYPE": "Nehalem"} if X86 else None,
    "both, and a C library without fused multiply-add, one thread": ONE
    | {"NPY_DISABLE_CPU_FEATURES": VECTORS, "OPENBLAS_CORETYPE": "Nehalem"}
    | {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA"}
    if X86 and VECTORS and platform.libc_ver()[0] == "glibc"
    else None,
}


def computing() -> list[str]:
    """The unit tests that use `fulfillment`."""
    files = sorted((ROOT / "tests" / "unit").rglob("test_*.py"))
    return [path.relative_to(ROOT).as_posix() for path in files if "fulfillment" in path.read_text(encoding="utf-8")]


def main(names: list[str]) -> int:
    """Run the settings whose name contains one of ``names`` (all by default); 0 when everything repeats."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-n", "2", "--dist", "loadfile", "-q"]
    command += ["--hypothesis-profile=quick"]  # what is looked for is another number, not another example
    failed = 0
    for name, setting in SETTINGS.items():
        if names and not any(part in name for part in names):
            continue
        if setting is None:
            print(f"left out: {name}: this machine cannot imitate it", flush=True)
            continue
        start = time.monotonic()
        run = subprocess.run(
            [*command, "book", *computing()], cwd=ROOT, env=os.environ | setting, capture_output=True, text=True
        )
        lines = run.stdout.splitlines()
        print(f"{name}: {lines[-1] if lines else run.stderr[-500:]} in {time.monotonic() - start:.0f} s", flush=True)
        for line in lines:
            if line.startswith(("FAILED", "ERROR")):
                print(f"    {line}", flush=True)
        failed += run.returncode != 0
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
