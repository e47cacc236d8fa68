"""Where the sandbox keeps what it needs: one folder of the checkout, never the user's home."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SandboxDirectory:
    """The folder of one sandbox.

    Attributes:
        checkout: The checkout that is deployed.
        path: The folder, ``.sandbox`` in the checkout unless another is wanted beside it.
    """

    checkout: Path
    path: Path

    @property
    def home(self) -> Path:
        """The CDK CLI's home: it caches account ids per access key there, which would outlive the emulator."""
        return self._folder("home")

    @property
    def temporary(self) -> Path:
        """The emulator's TMPDIR."""
        return self._folder("tmp")

    @property
    def assembly(self) -> Path:
        """The synthesised app."""
        return self.path / "cdk.out"

    @property
    def log(self) -> Path:
        """What the emulator says."""
        return self.path / "emulator.log"

    @property
    def state(self) -> Path:
        """Which process runs on which port."""
        return self.path / "emulator.json"

    def _folder(self, name: str) -> Path:
        folder = self.path / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder
