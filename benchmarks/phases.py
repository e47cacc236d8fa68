"""The app of app.py in phases, each timed, with the checks that are named: nag, validation.

Printed as JSON: phase by phase, seconds.
"""

import gc
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main(checks: set[str]) -> None:
    """Compose and synthesise the landing zone."""
    gc.disable()  # as app.py does
    began = [time.perf_counter()]
    phases = {}

    def passed(phase: str) -> None:
        began.append(time.perf_counter())
        phases[phase] = began[-1] - began[-2]

    from pavedroad_platform.bundled_node import use_bundled_node
    from pavedroad_platform.organization import load_organization

    organization = load_organization(ROOT / "platform" / "organization")
    passed("configuration")

    use_bundled_node()
    from aws_cdk import App, Validations
    from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks

    from pavedroad_platform.checks.template_validation import TemplateValidation
    from stacks.landing_zone import compose

    passed("imports")
    app = App(builtin_cloud_formation_validation=False)
    compose(app, organization)
    passed("compose")
    if "validation" in checks:
        Validations.of(app).add_plugins(TemplateValidation())
    if "nag" in checks:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app), NIST80053R5Checks(app))
    app.synth()
    passed("synthesis")
    print(json.dumps(phases))


if __name__ == "__main__":
    main(set(sys.argv[1:]))
