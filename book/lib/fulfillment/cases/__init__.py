"""What one case alone uses: each module is named as its notebook."""
