"""The CDK app: the organisation as it is configured, as checked stacks."""

import gc
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Load the configuration, compose the landing zone, add the checks, synthesise."""
    # The app ends within seconds; looking for garbage among all that the CDK imports takes one of them.
    gc.disable()
    from pavedroad_platform.bundled_node import use_bundled_node
    from pavedroad_platform.errors import PlatformError
    from pavedroad_platform.organization import load_organization

    try:
        organization = load_organization(ROOT / "platform" / "organization")
        # After the configuration: the CDK takes seconds to import, a mistake in the YAML is told at once.
        use_bundled_node()
        from aws_cdk import App

        from stacks.landing_zone import add_checks, compose

        app = App(builtin_cloud_formation_validation=False)  # add_checks adds the same, faster
        compose(app, organization)
    except PlatformError as error:
        sys.exit(str(error))
    add_checks(app)
    app.synth()


if __name__ == "__main__":
    main()
