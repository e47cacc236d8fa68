"""The Node.js that came with the virtual environment, for the CDK: the machine needs none of its own."""

import os
import sys
from pathlib import Path


def use_bundled_node() -> None:
    """Let jsii use the environment's Node.js; call it before ``aws_cdk`` is imported.

    A ``JSII_NODE`` that is set already stays.
    """
    node = Path(sys.prefix) / "bin" / "node"
    if node.exists():
        os.environ.setdefault("JSII_NODE", str(node))
