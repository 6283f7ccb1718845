import asyncio, sys, time
import pytest
from factories import *
from server.actions.unit import unit
from server.domain.events import *
from server.store import feed, views

async def test_try(pool, services):
    salma = await make_viewer(pool)
    boss = await make_viewer(pool, "Nadia Boss", role=Role.SUPERVISOR)
    conv=[]
    for n in range(200):
        c = await make_conversation(pool, owner=salma if n%4==0 else None)
        conv.append(c)
        async with unit(services) as work:
            x = await work.lock(c.id)
            work.record(x, MessageReceived(message_id=x.last_message_id), actor="customer", user_id=x.owner_id)
    await pool.execute("analyze")
    async with pool.acquire() as con:
        ids=[e.id for e in services.publisher.events]
        print(ids[:5])
        for k in range(12):
            t=time.perf_counter(); r=await feed.pushes(con, ids[k:k+1]); print("push", len(r), (time.perf_counter()-t)*1e3)
        for k in range(8):
            t=time.perf_counter(); r=await feed.pushes(con, ids[k:k+1],[feed.Gap("conversation:5",0,1)], 1); print("pushgap", len(r), (time.perf_counter()-t)*1e3)
        t=time.perf_counter(); r=await feed.pushes(con, ids[:100]); print("push100", len(r), (time.perf_counter()-t)*1e3)
        print(r[0])
        for k in range(8):
            t=time.perf_counter(); s=await feed.sweep(con, 0, 1000); print("sweep", len(s.events), (time.perf_counter()-t)*1e3)
        for k in range(8):
            t=time.perf_counter(); m=await feed.since(con, salma, 0, 501); print("since", len(m.ids), m.heads, (time.perf_counter()-t)*1e3)
        for k in range(8):
            t=time.perf_counter(); m=await views.page(con, boss, views.Filter(sectors=("financial","education")), 50); print("page", len(m), (time.perf_counter()-t)*1e3)
        print(len(await views.held(con, salma)), await views.readable(con, salma, conv[1].id), await views.readable(con, salma, conv[0].id))
        print(await views.thread(con, conv[0].id), await views.identities(con, salma, conv[0].id), await views.earlier(con, salma, conv[0].id), await views.offers(con, salma), await views.cursor(con))
        print(await con.fetchval("explain (analyze, buffers) "+ "select 1"))
        from server.store.feed import _sql
        await con.execute("set plan_cache_mode=force_generic_plan")
        for k in range(6):
            t=time.perf_counter(); r=await feed.pushes(con, ids[k:k+1]); print("push generic", len(r), (time.perf_counter()-t)*1e3)
