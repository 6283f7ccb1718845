"""Measures the product beside naive baselines and the floor that the machine allows, in one run."""
