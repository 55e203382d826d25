"""The measurements themselves: that they would notice what they look for."""
