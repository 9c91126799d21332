"""What is known of functions that no file in sight defines: see ``model``."""
