"""Known vulnerabilities of what is delivered: ``python -m tests.supply.audit`` asks, and says so when nobody answers.

pip-audit asks the index of packages, which not every place where tests run can reach. Then this ends well, in words.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCKED = Path(__file__).parents[2] / "requirements" / "demo.txt"
PATIENCE = 300  # seconds
COMMAND = (
    "-m",
    "pip_audit",
    "--require-hashes",
    "--disable-pip",
    "--format",
    "json",
    "--progress-spinner",
    "off",
    "-r",
)


def judge(answer: str) -> tuple[int, str]:
    """Exit code and sentence for what pip-audit printed: 1 only for a vulnerability that is known."""
    try:
        found = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return 0, "NOT AUDITED: pip-audit had no answer."
    known = [f"{one['name']} {one['version']}: {bad['id']}" for one in found for bad in one.get("vulns", ())]
    silent = [one["name"] for one in found if "skip_reason" in one]
    if known:
        return 1, "Known vulnerabilities: " + "; ".join(known)
    if len(silent) == len(found):
        return 0, "NOT AUDITED: the index here has no data about any package."
    told = f"No known vulnerability in {len(found) - len(silent)} packages."
    return 0, told + (f" NOT AUDITED: {', '.join(silent)}." if silent else "")


def main() -> None:
    try:
        command = [sys.executable, *COMMAND, str(LOCKED)]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout
    except subprocess.TimeoutExpired:
        answer = ""
    code, sentence = judge(answer)
    print(sentence)  # noqa: T201
    sys.exit(code)


if __name__ == "__main__":
    main()
