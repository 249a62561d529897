"""Places by PyEphem: {dates: [UTC, ISO 8601], bodies: [name or line of XEphem's], site?: {lat, lon, alt}} -> a list for each date."""
import json
import math
import sys
from datetime import datetime

import ephem

DEG = 180 / math.pi
question = json.load(sys.stdin)


def made(name):
    return ephem.readdb(name) if "," in name else getattr(ephem, name)()


answers = []
for iso in question["dates"]:
    date = ephem.Date(datetime.fromisoformat(iso.replace("Z", "")))
    answer = {"delta_t": ephem.delta_t(date), "bodies": []}
    observer = ephem.Observer()
    observer.date, observer.epoch, observer.pressure = date, ephem.J2000, 0
    site = question.get("site")
    if site:
        observer.lat, observer.lon, observer.elevation = str(site["lat"]), str(site["lon"]), site["alt"]
    for name in question["bodies"]:
        body = made(name)
        body.compute(date)
        place = {"astrometric": [body.a_ra * DEG, body.a_dec * DEG], "magnitude": body.mag}
        # A star in the same place, seen as the body is: what is between them is no aberration of the stars.
        star = ephem.FixedBody()
        star._ra, star._dec = body.a_ra, body.a_dec
        star.compute(date)
        place["from_star"] = [(body.g_ra - star.g_ra) * math.cos(star.g_dec) * DEG, (body.g_dec - star.g_dec) * DEG]
        if name == "Moon":
            place["lit"] = body.phase / 100
        if site:
            body.compute(observer)
            place["horizontal"] = [body.alt * DEG, body.az * DEG]
            place["parallactic"] = body.parallactic_angle() * DEG
        answer["bodies"].append(place)
    answers.append(answer)
json.dump(answers, sys.stdout)
