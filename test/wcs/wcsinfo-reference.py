#!/usr/bin/env python3
"""Lets solve-field solve true star fields, and writes the .wcs it leaves beside what its wcsinfo says of it.

    wcsinfo-reference.py > wcsinfo-reference.jsonl

Needs astrometry.net with the Tycho-2 index files 08 to 11, and astropy. The star positions are those of the index,
seen through a known optics; no picture is involved.
"""
import glob
import json
import os
import subprocess
import tempfile

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

INDEX = sorted(glob.glob("/usr/share/astrometry/*tycho2-08*.fits"))[0]

# RA, Dec, width, height, arcsec/px, rotation, parity, radial distortion (fraction at the corner), tweak order
FIELDS = [
    (84.0, -1.2, 1600, 1200, 9.0, 12.0, 1, 0.0, 2),
    (359.97, 61.0, 1200, 1800, 8.0, 200.0, -1, 0.0005, 2),
    (10.7, 89.2, 2000, 1500, 9.0, 77.0, 1, 0.001, 3),
    (266.4, -29.0, 1500, 1500, 12.0, -60.0, -1, 0.002, 3),
    (150.0, -88.9, 1300, 1100, 14.0, 145.0, 1, -0.001, 4),
    (202.5, 47.2, 1024, 768, 15.0, 90.0, -1, 0.0, 1),
]


def stars_of(field):
    ra, dec, width, height, scale, rotation, parity, distortion, _ = field
    reach = np.hypot(width, height) / 2
    listing = subprocess.run(
        ["query-starkd", "-r", str(ra), "-d", str(dec), "-R", str(reach * scale / 3600 * 1.1), INDEX],
        check=True, capture_output=True, text=True).stdout
    places = [line.replace(",", " ").split()[:2] for line in listing.splitlines() if line[:1].isdigit()]
    angle = np.radians(rotation)
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [ra, dec]
    wcs.wcs.crpix = [(width + 1) / 2, (height + 1) / 2]
    wcs.wcs.cd = scale / 3600 * np.array(
        [[-parity * np.cos(angle), np.sin(angle)], [parity * np.sin(angle), np.cos(angle)]])
    xy = wcs.all_world2pix(np.array(places, dtype=float), 1) - wcs.wcs.crpix
    xy = xy * (1 + distortion * (xy**2).sum(1, keepdims=True) / reach**2) + wcs.wcs.crpix
    inside = (xy > 0.5).all(1) & (xy < [width + 0.5, height + 0.5]).all(1)
    return xy[inside]


def solve(field, folder):
    ra, dec, width, height, scale, *_, order = field
    xy = stars_of(field)
    stars = os.path.join(folder, "stars.xyls")
    columns = [fits.Column(name, "D", array=xy[:, i]) for i, name in enumerate("XY")]
    fits.BinTableHDU.from_columns(columns).writeto(stars, overwrite=True)
    subprocess.run(
        ["solve-field", "--no-plots", "--overwrite", "--width", str(width), "--height", str(height), "--x-column", "X",
         "--y-column", "Y", "--scale-units", "app", "--scale-low", str(scale * 0.97), "--scale-high", str(scale * 1.03),
         "--ra", str(ra), "--dec", str(dec), "--radius", "3", "--tweak-order", str(order), "--crpix-center" if order == 4
         else "--no-remove-lines", stars], check=True, capture_output=True, timeout=120)
    path = os.path.join(folder, "stars.wcs")
    info = subprocess.run(["wcsinfo", path], check=True, capture_output=True, text=True).stdout
    wanted = ("det", "parity", "pixscale", "orientation", "ra_center", "dec_center", "fieldw", "fieldh", "fieldunits",
              "imagew", "imageh")
    values = dict(line.split(" ", 1) for line in info.splitlines())
    cards = [str(card).rstrip() for card in fits.getheader(path).cards if card.keyword not in ("HISTORY", "COMMENT", "DATE")]
    return {"cards": cards, "wcsinfo": {key: values[key] for key in wanted}}


def main():
    for field in FIELDS:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(solve(field, folder), separators=(",", ":")))


main()
