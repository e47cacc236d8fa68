"""Machine and container images, built, hardened, tested and distributed on a schedule."""
