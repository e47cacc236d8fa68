"""What the CodeBuild projects of a pipeline's scans run."""

from collections.abc import Sequence

from aws_cdk import aws_codebuild as codebuild

from pavedroad.delivery.pipeline.security_check import (
    AUDIT_PYTHON_DEPENDENCIES,
    INSTALL_TRIVY,
    PIP_AUDIT,
    install_python_tools,
    strict,
)

_SEVERITIES = ("medium", "high", "critical")
_NPM_LEVELS = {"medium": "moderate", "high": "high", "critical": "critical"}
_BILLS = "/tmp/bills"  # noqa: S108

# From the lock file alone: nothing that a package brings is run.
_AUDIT_NODE = """\
find . -name package-lock.json -not -path '*/node_modules/*' -printf '%h\\0' \\
  | xargs --null --no-run-if-empty --replace=DIRECTORY \\
    npm audit --prefix DIRECTORY --package-lock-only --audit-level={level}"""

_AUDIT_OTHERS = (
    "/tmp/trivy filesystem --scanners vuln --severity {severities} --exit-code 1 --no-progress"  # noqa: S108
    ' "$CODEBUILD_SRC_DIR"'
)

_LIST_TREES = """\
mkdir --parents {bills}
/tmp/trivy filesystem --format {format} --output {bills}/source.json "$CODEBUILD_SRC_DIR"
if [ -n "${{CODEBUILD_SRC_DIR_Build:-}}" ]; then
  /tmp/trivy filesystem --format {format} --output {bills}/build.json "$CODEBUILD_SRC_DIR_Build"
fi"""

_LIST_IMAGES = """\
definitions="${{CODEBUILD_SRC_DIR_Build:-.}}/imagedefinitions.json"
if [ -f "$definitions" ]; then
  python3 -c 'import json, sys; [print(image["name"], image["imageUri"]) for image in json.load(open(sys.argv[1]))]' \\
    "$definitions" | while read -r name image; do
      /tmp/trivy image --format {format} --output "{bills}/image-$name.json" "$image" < /dev/null
    done
fi"""


def audit_specification(languages: Sequence[str], severity: str) -> codebuild.BuildSpec:
    """The audit of ``languages``; findings of ``severity`` and above end it."""
    severities = ",".join(_SEVERITIES[_SEVERITIES.index(severity) :]).upper()
    install, audit = [], []
    if "python" in languages:
        install.append(install_python_tools(PIP_AUDIT))
        audit.append(AUDIT_PYTHON_DEPENDENCIES)
    if "node" in languages:
        audit.append(_AUDIT_NODE.format(level=_NPM_LEVELS[severity]))
    if "others" in languages:
        install.append(INSTALL_TRIVY)
        audit.append(_AUDIT_OTHERS.format(severities=severities))
    return _specification(install, audit)


def bill_specification(bill_format: str) -> codebuild.BuildSpec:
    """The bills of the trees and the images, as the build's output."""
    values = {"bills": _BILLS, "format": bill_format}
    listed = [_LIST_TREES.format(**values), _LIST_IMAGES.format(**values)]
    return _specification([INSTALL_TRIVY], listed, output=_BILLS)


def _specification(install: Sequence[str], run: Sequence[str], *, output: str | None = None) -> codebuild.BuildSpec:
    content: dict[str, object] = {
        "version": "0.2",
        "env": {"shell": "bash"},
        "phases": {
            "install": {"commands": [strict(commands) for commands in install] or ["true"]},
            "build": {"commands": [strict(commands) for commands in run], "on-failure": "ABORT"},
        },
    }
    if output:
        content["artifacts"] = {"base-directory": output, "files": ["**/*"]}
    return codebuild.BuildSpec.from_object(content)
