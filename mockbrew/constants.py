"""Constants of nature, as the plant takes them."""

from __future__ import annotations

WATER = 4186.0  # J/(kg K), specific heat of water (textbook)
MALT = 1670.0  # J/(kg K), specific heat of malt (Murphy & Son; Lewis & Young)
LATENT = 2.257e6  # J/kg, heat of vaporisation of water at 100 degC (textbook)
