"""Faults under load, a script each; ``make faults`` runs them all."""
