"""Services in containers on Amazon ECS."""
