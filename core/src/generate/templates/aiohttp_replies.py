def aiohttp_replies(replies):
    """Answers what aiohttp's clients ask as production's services did."""

    async def request(session, method, url, **options):
        url = session._build_url(url)
        asked = method.upper(), url.path
        if asked not in replies:
            pytest.fail(f"production's services had answered {list(replies)}, not {asked}")
        response = aiohttp.ClientResponse.__new__(aiohttp.ClientResponse)
        response.method, response._url, response._real_url, response._cache = method.upper(), url, url, {}
        response.status, headers, body = replies[asked]
        response.reason = http.client.responses.get(response.status, "")
        response._headers = CIMultiDictProxy(CIMultiDict(headers))
        response._request_info = aiohttp.RequestInfo(url, response.method, response._headers, url)
        response._session, response._traces = session, []
        response.content = aiohttp.StreamReader(Mock(_reading_paused=False), 2**16)
        response.content.feed_data(body)
        response.content.feed_eof()
        if options.get("raise_for_status", session.raise_for_status) is True:
            response.raise_for_status()
        return response

    return request
