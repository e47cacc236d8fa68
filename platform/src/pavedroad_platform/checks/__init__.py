"""The static checks: on the source, and on the finished templates of stacks and products."""
