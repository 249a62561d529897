"""Astroquery as it is installed, pointed at a server on loopback: solves an image and a source list, and prints the headers."""

import json
import sys

from astropy.io import fits
from astroquery.astrometry_net import AstrometryNet

server, image, listed = sys.argv[1:]
client = AstrometryNet()
client.api_key = "any"
client.URL = server
client.API_URL = server + "api"

solved = client.solve_from_image(image, force_image_upload=True, solve_timeout=120, scale_units="degwidth",
                                 scale_type="ul", scale_lower=1.0, scale_upper=4.0)
with open(listed) as file:
    stars = json.load(file)
matched = client.solve_from_source_list(stars["x"], stars["y"], stars["width"], stars["height"], solve_timeout=120,
                                        scale_units="degwidth", scale_type="ul", scale_lower=1.0, scale_upper=4.0)
keywords = ("CRVAL1", "CRVAL2", "CRPIX1", "CRPIX2", "CD1_1", "CD1_2", "CD2_1", "CD2_2", "IMAGEW", "IMAGEH", "CTYPE1")
print("\n" + json.dumps([{key: header[key] for key in keywords} for header in (solved, matched)]))
