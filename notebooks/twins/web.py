"""Reading the titles of pages, one after the other or all at once."""

import asyncio
import html
import re

HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
session = None  # one for all requests, as aiohttp's documentation asks for


def heading(page, lean):
    """The text of the heading; lean: found by a regular expression, without
    reading the rest of the page."""
    if lean:
        return html.unescape(HEADING.search(page).group(1))
    from bs4 import BeautifulSoup

    return BeautifulSoup(page, "html.parser").h1.get_text()


async def title(url, lean=False):
    async with session.get(url) as response:
        return heading(await response.text(), lean)


async def open_session():
    import aiohttp

    global session
    if session is None:
        session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))


async def scrape_in_turn(urls):
    await open_session()
    return "\n".join([await title(url) for url in urls])


async def scrape(urls, lean=False):
    await open_session()
    return "\n".join(await asyncio.gather(*(title(url, lean) for url in urls)))


async def title_anew(url):
    """As title, with a session and so a connection for this page alone."""
    import aiohttp

    async with aiohttp.ClientSession() as own:
        async with own.get(url) as response:
            return heading(await response.text(), False)


async def scrape_anew(urls):
    return "\n".join(await asyncio.gather(*map(title_anew, urls)))


async def close():
    global session
    if session is not None:
        await session.close()
        session = None
