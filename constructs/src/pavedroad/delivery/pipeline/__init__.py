"""The pipeline from source to production."""
