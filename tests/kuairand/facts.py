"""Counts of segments of the KuaiRand community, straight from its raw files: what the server must answer.

Usage: facts.py DATASET_FOLDER     prints one JSON object a line: {"expression": ..., "count": ...}; null where fewer than 50.
Written from the meaning of the segment language (docs/segments.md) and of the import (`zan import --help`), not from our code.
"""
import collections
import csv
import gzip
import json
import sys

DAY_MS = 86_400_000
ZONE_MS = 8 * 3_600_000
LEAST = 50


def day_of(ms):
    return (ms + ZONE_MS) // DAY_MS


def read(folder):
    videos = {}
    with open(folder + "/video_features_basic_pure.csv", newline="") as rows:
        for row in csv.DictReader(rows):
            videos[row["video_id"]] = [tag for tag in row["tag"].split(",") if tag][:4]
    users = {}
    with open(folder + "/user_features_pure.csv", newline="") as rows:
        for row in csv.DictReader(rows):
            users[row["user_id"]] = row["user_active_degree"]
    acts = []  # user, kind, day, video
    newest = 0
    with open(folder + "/user_sequences_0408_0424.csv", newline="") as rows:
        for row in csv.DictReader(rows):
            for video in row["like_seq"].split():
                acts.append((row["user_id"], "like", int(row["last_time_ms"]), video))
    kinds = {"is_click": "view", "is_like": "like", "is_comment": "comment", "is_forward": "share",
             "is_profile_enter": "profile_visit"}
    with gzip.open(folder + "/log_0425_0508.csv.gz", "rt", newline="") as rows:
        for row in csv.DictReader(rows):
            at = int(row["time_ms"])
            for column, kind in kinds.items():
                if row[column] == "1":
                    acts.append((row["user_id"], kind, at, row["video_id"]))
            if int(row["duration_ms"]) > 0 and int(row["play_time_ms"]) >= int(row["duration_ms"]):
                acts.append((row["user_id"], "complete", at, row["video_id"]))
    for act in acts:
        newest = max(newest, act[2])
    return videos, users, acts, day_of(newest)


class Community:
    def __init__(self, folder):
        self.videos, self.users, self.acts, self.today = read(folder)
        self.people = set(self.users) | {act[0] for act in self.acts}

    def did(self, kinds, days, least, tag=None, most=255):
        """Who did it so often in the last days."""
        times = collections.Counter()
        for user, kind, at, video in self.acts:
            if kind in kinds and self.today - days < day_of(at) <= self.today:
                if tag is None or tag in self.videos.get(video, ()):
                    times[user] += 1
        return {user for user, count in times.items() if least <= min(count, 255) <= most}

    def active(self, degree):
        return {user for user, is_degree in self.users.items() if is_degree == degree}

    def likers(self, video):
        return {user for user, kind, _, liked in self.acts if kind == "like" and liked == video}


def segments(community):
    did, active, everybody = community.did, community.active, community.people
    yield "everybody", everybody
    yield 'active_degree = "full_active"', active("full_active")
    yield 'active_degree in ("low_active", "single_low_active") or not active_degree is known', (
        active("low_active") | active("single_low_active") |
        (everybody - active("full_active") - active("high_active") - active("middle_active") - active("low_active") -
         active("single_low_active") - active("30day_retention") - active("2_14_day_new") - active("day_new")))
    yield 'active_degree = "day_new"', active("day_new")
    yield "count(view, last 7d) >= 3", did({"view"}, 7, 3)
    yield "count(view, last 14d) between 2 and 4", did({"view"}, 14, 2, most=4)
    yield "count(comment or share, last 14d) >= 1", did({"comment", "share"}, 14, 1)
    yield "count(profile_visit, last 14d) >= 1 and not count(view, last 3d) >= 1", (
        did({"profile_visit"}, 14, 1) - did({"view"}, 3, 1))
    yield 'count(view, category: "kuai_39", last 14d) >= 2', did({"view"}, 14, 2, tag="39")
    yield 'count(complete, category: "kuai_3", last 10d) >= 1 and active_degree = "high_active"', (
        did({"complete"}, 10, 1, tag="3") & active("high_active"))
    yield 'count(like, last 30d) >= 1', did({"like"}, 30, 1)
    yield 'not (count(view, last 14d) >= 1 or count(complete, last 14d) >= 1) and active_degree = "full_active"', (
        active("full_active") - did({"view"}, 14, 1) - did({"complete"}, 14, 1))


def main():
    community = Community(sys.argv[1])
    for expression, people in segments(community):
        print(json.dumps({"expression": expression, "count": len(people) if len(people) >= LEAST else None}))


if __name__ == "__main__":
    main()
