"""The invented county, built through the journey."""
