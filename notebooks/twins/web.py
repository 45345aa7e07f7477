"""Reading the titles of pages, one after the other or all at once."""

import asyncio
import html
import re

HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
session = None  # one for all requests, as aiohttp's documentation asks for


async def title(url):
    async with session.get(url) as response:
        text = await response.text()
    return html.unescape(HEADING.search(text).group(1))


async def open_session():
    import aiohttp

    global session
    if session is None:
        session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))


async def scrape_in_turn(urls):
    await open_session()
    return "\n".join([await title(url) for url in urls])


async def scrape(urls):
    await open_session()
    return "\n".join(await asyncio.gather(*map(title, urls)))


async def title_anew(url):
    """As title, with a session and so a connection for this page alone."""
    import aiohttp

    async with aiohttp.ClientSession() as own:
        async with own.get(url) as response:
            text = await response.text()
    return html.unescape(HEADING.search(text).group(1))


async def scrape_anew(urls):
    return "\n".join(await asyncio.gather(*map(title_anew, urls)))


async def close():
    global session
    if session is not None:
        await session.close()
        session = None
