"""Throttling: a bucket of tokens that fills at the rate and holds the burst; a request without a token is refused.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TokenBucket"]


@dataclass
class TokenBucket:
    """`rate` in requests per second, `burst` in requests. Full at the beginning."""

    rate: float
    burst: float
    tokens: float = -1.0
    at: float = 0.0

    def take(self, moment: float) -> bool:
        """Take a token at this moment (seconds); False when there is none, and the request gets 429.

        >>> bucket = TokenBucket(rate=1, burst=2)
        >>> [bucket.take(moment) for moment in (0, 0, 0, 1)]
        [True, True, False, True]
        """
        if self.tokens < 0:
            self.tokens, self.at = float(self.burst), moment
        self.tokens = min(float(self.burst), self.tokens + max(0.0, moment - self.at) * self.rate)
        self.at = max(self.at, moment)
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True
