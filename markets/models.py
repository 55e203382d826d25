"""The last accepted rate of each crypto currency in the ticker."""

from django.db import models
from django.db.models import Q


class Symbol(models.TextChoices):
    """What the ticker shows, in its order."""

    BTC = "BTC", "Bitcoin"
    ETH = "ETH", "Ethereum"
    LTC = "LTC", "Litecoin"


class Quote(models.Model):
    """One row for each symbol: what a public source said, and when it said it."""

    symbol = models.CharField("Kürzel", max_length=5, choices=Symbol, primary_key=True)
    rate = models.DecimalField("Kurs in Euro", max_digits=14, decimal_places=2)
    change = models.DecimalField(
        "Veränderung in 24 Stunden in Prozent", max_digits=7, decimal_places=2, null=True
    )
    as_of = models.DateTimeField("Stand")
    source = models.CharField("Quelle", max_length=40)

    class Meta:
        verbose_name = "Kurs"
        verbose_name_plural = "Kurse"
        constraints = (models.CheckConstraint(condition=Q(rate__gt=0), name="quote_is_positive"),)

    def __str__(self) -> str:
        return f"{self.symbol} {self.rate} Euro"
