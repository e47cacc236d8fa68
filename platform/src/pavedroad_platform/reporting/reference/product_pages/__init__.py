"""The pages of ``docs/products``: one a product for its newest release, and one for each release before it."""
