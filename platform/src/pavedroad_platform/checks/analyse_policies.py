"""Run by the Python of parliament's own environment: policies in on standard input, findings out, both as JSON."""

import json
import sys

from parliament import analyze_policy_string, enhance_finding


def main() -> None:
    """Analyse each document; what the linter itself cannot read is a finding too."""
    rows = []
    for document in json.load(sys.stdin):
        for finding in analyze_policy_string(json.dumps(document["policy"])).findings:
            if is_about_a_wildcard(finding, document["policy"]):
                continue
            told = enhance_finding(finding)
            rows.append(
                {
                    "template": document["template"],
                    "resource": document["resource"],
                    "issue": finding.issue,
                    "title": told.title,
                    "detail": finding.detail,
                }
            )
    json.dump(rows, sys.stdout)


def is_about_a_wildcard(finding, policy) -> bool:  # type: ignore[no-untyped-def] # parliament is not installed for mypy
    """Whether it only says that ``s3:List*`` also names actions which do not take a bucket: they grant nothing."""
    if finding.issue != "RESOURCE_MISMATCH" or not isinstance(finding.detail, list):
        return False
    written = json.dumps(policy).lower()
    return not any(f'"{row["action"].lower()}"' in written for row in finding.detail)


if __name__ == "__main__":
    main()
