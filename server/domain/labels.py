"""What people call a customer of a sector: labels that the organisation names, or that its rules ask for."""

from server.domain.organisation import Sector, Words


def known(sector: Sector) -> dict[str, Words]:
    """Every label a customer of the sector may get; without words where only a rule names it."""
    asked = (label for rule in sector.priority_rules for label in rule.labels)
    return sector.labels | {label: {} for label in asked if label not in sector.labels}
