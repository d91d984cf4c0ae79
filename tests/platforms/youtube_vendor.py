"""YouTube's Data API: threads, replies, moderation, videos, and its own way to refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.platforms.google_vendor import stamp
from tests.platforms.vendor import Vendor, Written, told

OWNER = "UC1"
READ_ONLY = {"uploadStatus": "processed"}


def error(status: int, reason: str) -> dict[str, Any]:
    one = {"message": f"{reason}.", "domain": "youtube.comment", "reason": reason}
    return {"error": {"code": status, "message": f"{reason}.", "errors": [one]}}


@dataclass
class Reply:
    """One reply; its id begins with that of its thread."""

    id: str
    text: str
    author: str = "UCx"


@dataclass
class Moderation:
    """What the owner did: the status of a comment by its id, and who is banned."""

    status: dict[str, str] = field(default_factory=dict)
    banned: set[str] = field(default_factory=set)

    def of(self, comment: str) -> str:
        return self.status.get(comment, "published")


class YouTubeVendor(Vendor):
    """The channel UC1, whose owner's token is `good`; `viewer` may read and not moderate.

    What was `written` are threads under the video `v1`; `embeds` replies come with each.
    """

    hosts = ("youtube.googleapis.com",)
    embeds = 1
    expired = staticmethod(told(401, error(401, "authError")))
    forbidden = staticmethod(told(403, error(403, "forbidden")))
    throttled = staticmethod(told(403, error(403, "rateLimitExceeded")))
    broken = staticmethod(told(503, error(503, "backendError")))
    used_up = staticmethod(told(403, error(403, "quotaExceeded")))

    def build(self, router: web.UrlDispatcher) -> None:
        self.moderation = Moderation()
        self.replies: dict[str, list[Reply]] = {}
        self.owns = [OWNER]
        status = {"privacyStatus": "public", "license": "youtube", "embeddable": True}
        self.videos: dict[str, dict[str, Any]] = {"v1": status | {"publicStatsViewable": False}}
        base = "/youtube/v3"
        router.add_get(f"{base}/commentThreads", self._threads)
        router.add_get(f"{base}/comments", self._comments)
        router.add_post(f"{base}/comments", self._reply)
        router.add_delete(f"{base}/comments", self._delete)
        router.add_post(f"{base}/comments/setModerationStatus", self._moderate)
        router.add_get(f"{base}/videos", self._videos)
        router.add_put(f"{base}/videos", self._set_video)
        router.add_get(f"{base}/channels", self._channels)

    def newest_first(self) -> list[Written]:
        return sorted(self.written, key=lambda one: one.at, reverse=True)

    def answers(self, thread: str, text: str, author: str = "UCx") -> str:
        """Somebody replies under a thread; the id of the reply."""
        said = self.replies.setdefault(thread, [])
        said.append(Reply(f"{thread}.r{len(said)}", text, author))
        return said[-1].id

    def as_told(self, one: Written, *, moderated: bool = True) -> dict[str, Any]:
        said = {
            "channelId": OWNER, "videoId": "v1", "textDisplay": one.text, "textOriginal": one.text,
            "authorDisplayName": one.author, "authorChannelId": {"value": "UCx"}, "likeCount": 0,
            "publishedAt": stamp(one.at), "updatedAt": stamp(one.touched),
            "moderationStatus": self.moderation.of(one.name) if moderated else None,
        }  # fmt: skip
        told = {name: value for name, value in (said | dict(one.more)).items() if value is not None}
        return {"kind": "youtube#comment", "id": one.name, "snippet": told}

    def _reply_told(self, reply: Reply) -> dict[str, Any]:
        said = {
            "channelId": OWNER, "parentId": reply.id.partition(".")[0],
            "textDisplay": reply.text, "textOriginal": reply.text,
            "authorDisplayName": "@y", "authorChannelId": {"value": reply.author},
            "publishedAt": stamp(self.clock()), "updatedAt": stamp(self.clock()),
            "moderationStatus": self.moderation.of(reply.id),
        }  # fmt: skip
        return {"kind": "youtube#comment", "id": reply.id, "snippet": said}

    def _thread(self, one: Written) -> dict[str, Any]:
        said = self.replies.get(one.name, [])
        about = {
            "channelId": OWNER, "videoId": "v1", "topLevelComment": self.as_told(one),
            "canReply": True, "totalReplyCount": len(said), "isPublic": True,
        }  # fmt: skip
        thread: dict[str, Any] = {"id": one.name, "snippet": about}
        if said:
            shown = [self._reply_told(reply) for reply in said[-self.embeds :]]
            thread["replies"] = {"comments": shown}
        return thread

    async def _threads(self, request: web.Request) -> web.Response:
        asked = request.query
        wanted = asked.get("moderationStatus", "published")
        if refusal := self._refused(request, owner=wanted != "published"):
            return refusal
        known = ("time", "plainText", OWNER)
        given = (asked["order"], asked["textFormat"], asked["allThreadsRelatedToChannelId"])
        if given != known or not 1 <= int(asked["maxResults"]) <= 100:
            return web.json_response(error(400, "invalidValue"), status=400)
        held = [one for one in self.newest_first() if self.moderation.of(one.name) == wanted]
        start = int(asked.get("pageToken", "0"))
        after = start + self.page_size
        listed = {"items": [self._thread(one) for one in held[start:after]]}
        more = {"nextPageToken": str(after)} if after < len(held) else {}
        return web.json_response(listed | more)

    async def _comments(self, request: web.Request) -> web.Response:
        if refusal := self._refused(request):
            return refusal
        if "parentId" in request.query:
            said = self.replies.get(request.query["parentId"], [])
            return web.json_response({"items": [self._reply_told(reply) for reply in said]})
        wanted = request.query["id"]
        out = self.moderation.of(wanted) == "rejected"
        found = [self.as_told(one, moderated=False) for one in self.written if one.name == wanted]
        return web.json_response({"items": [] if out else found})

    async def _reply(self, request: web.Request) -> web.Response:
        said = json.loads(await request.read())["snippet"]
        if not any(one.name == said["parentId"] for one in self.written):
            return web.json_response(error(404, "parentCommentNotFound"), status=404)
        made = self.answers(said["parentId"], said["textOriginal"], OWNER)
        return web.json_response({"id": made, "snippet": said})

    async def _delete(self, request: web.Request) -> web.Response:
        if not any(one.name == request.query["id"] for one in self.written):
            return web.json_response(error(404, "commentNotFound"), status=404)
        self.removes(request.query["id"])
        return web.Response(status=204)

    async def _moderate(self, request: web.Request) -> web.Response:
        if refusal := self._refused(request, owner=True):
            return refusal
        status, bans = request.query["moderationStatus"], request.query.get("banAuthor") == "true"
        if status not in ("heldForReview", "published", "rejected"):
            return web.json_response(error(400, "invalidModerationStatus"), status=400)
        if bans and status != "rejected":
            return web.json_response(error(400, "banWithoutReject"), status=400)
        if not any(one.name == request.query["id"] for one in self.written):
            return web.json_response(error(404, "commentNotFound"), status=404)
        self.moderation.status[request.query["id"]] = status
        self.moderation.banned |= {"UCx"} if bans else set()
        return web.Response(status=204)

    async def _videos(self, request: web.Request) -> web.Response:
        found = self.videos.get(request.query["id"])
        items = [{"id": request.query["id"], "status": found | READ_ONLY}] if found else []
        return web.json_response({"items": items})

    async def _set_video(self, request: web.Request) -> web.Response:
        """Everything of the part that is not sent falls back to what YouTube thinks best."""
        video = json.loads(await request.read())
        if video["id"] not in self.videos:
            return web.json_response(error(404, "videoNotFound"), status=404)
        if READ_ONLY.keys() & video["status"].keys():
            return web.json_response(error(400, "invalidVideoMetadata"), status=400)
        fallen_back = {"license": "youtube", "embeddable": True, "publicStatsViewable": True}
        self.videos[video["id"]] = fallen_back | video["status"]
        return web.json_response({"id": video["id"], "status": self.videos[video["id"]]})

    async def _channels(self, request: web.Request) -> web.Response:
        if refusal := self._refused(request):
            return refusal
        return web.json_response({"items": [{"id": one} for one in self.owns]})

    def _refused(self, request: web.Request, *, owner: bool = False) -> web.Response | None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in ("good", "viewer"):
            return web.json_response(error(401, "authError"), status=401)
        if owner and token != "good":
            return web.json_response(error(403, "forbidden"), status=403)
        return None
