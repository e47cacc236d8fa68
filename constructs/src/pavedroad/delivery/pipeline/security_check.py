"""The security check that every pipeline has unless it brings its own: dependencies, secrets, templates and images."""

from aws_cdk import aws_codebuild as codebuild

PIP_AUDIT_VERSION = "2.10.1"
CHECKOV_VERSION = "3.3.30"
TRIVY_VERSION = "0.69.3"
# Of the archives of this release: a replaced archive must not run with the build's rights.
_TRIVY_DIGESTS = {
    "64bit": "1816b632dfe529869c740c0913e36bd1629cb7688bd5634f4a858c1d57c88b75",
    "ARM64": "7e3924a974e912e57b4a99f65ece7931f8079584dae12eb7845024f97087bdfd",
}

PIP_AUDIT = f"pip-audit=={PIP_AUDIT_VERSION}"
_CHECKOV = f"checkov=={CHECKOV_VERSION}"


def install_python_tools(*tools: str) -> str:
    """The commands that install ``tools``, such as ``PIP_AUDIT``, to ``/tmp``."""
    # Each tool in an environment of its own: their pins exclude each other.
    return f"""\
for tool in {" ".join(tools)}; do
  python3 -m venv "/tmp/${{tool%%=*}}"
  "/tmp/${{tool%%=*}}/bin/pip" install --quiet "$tool"
done"""


INSTALL_TRIVY = f"""\
case "$(uname -m)" in
  aarch64) platform=ARM64 digest={_TRIVY_DIGESTS["ARM64"]} ;;
  *) platform=64bit digest={_TRIVY_DIGESTS["64bit"]} ;;
esac
curl --fail --silent --show-error --location --output /tmp/trivy.tar.gz \\
  "https://github.com/aquasecurity/trivy/releases/download/v{TRIVY_VERSION}/trivy_{TRIVY_VERSION}_Linux-$platform.tar.gz"
echo "$digest  /tmp/trivy.tar.gz" | sha256sum --check --quiet
tar --extract --gzip --file /tmp/trivy.tar.gz --directory /tmp trivy"""

AUDIT_PYTHON_DEPENDENCIES = (
    "find . -name 'requirements*.txt' -not -path '*/node_modules/*' -print0"
    " | xargs --null --no-run-if-empty --max-args=1 /tmp/pip-audit/bin/pip-audit --progress-spinner off --requirement"
)

_SCAN_TREES = """\
for tree in "$CODEBUILD_SRC_DIR" ${CODEBUILD_SRC_DIR_Build:+"$CODEBUILD_SRC_DIR_Build"}; do
  /tmp/trivy filesystem --scanners vuln,secret,misconfig --severity HIGH,CRITICAL --exit-code 1 --no-progress "$tree"
  /tmp/checkov/bin/checkov --directory "$tree" --skip-download --compact --quiet
done"""

_SCAN_IMAGES = """\
definitions="${CODEBUILD_SRC_DIR_Build:-.}/imagedefinitions.json"
if [ -f "$definitions" ]; then
  python3 -c 'import json, sys; print(*(image["imageUri"] for image in json.load(open(sys.argv[1]))), sep="\\n")' \\
    "$definitions" | xargs --no-run-if-empty --max-args=1 \\
    /tmp/trivy image --severity HIGH,CRITICAL --ignore-unfixed --exit-code 1 --no-progress
fi"""


def default_specification() -> codebuild.BuildSpec:
    """pip-audit for Python's dependencies, Trivy for all others, secrets and images, Trivy and checkov for templates.

    A finding of high or critical severity ends the pipeline. The tools' versions are pinned here; a repository tells
    what it accepts in ``.trivyignore`` and ``.checkov.yaml``, which are reviewed with its code.

    Source: https://github.com/pypa/pip-audit, https://trivy.dev, https://www.checkov.io
    """
    return codebuild.BuildSpec.from_object(
        {
            "version": "0.2",
            "env": {"shell": "bash"},
            "phases": {
                "install": {"commands": [strict(install_python_tools(PIP_AUDIT, _CHECKOV)), strict(INSTALL_TRIVY)]},
                "build": {
                    "commands": [strict(AUDIT_PYTHON_DEPENDENCIES), strict(_SCAN_TREES), strict(_SCAN_IMAGES)],
                    "on-failure": "ABORT",
                },
            },
        }
    )


def strict(commands: str) -> str:
    """The commands in a shell of their own that the first failure ends; a loop goes on otherwise."""
    return f"(\nset -euo pipefail\n{commands}\n)"
