"""LiveKit agents for Python hold a text turn, a tool round and a spoken turn with the simulator.

Not part of the gate, which has no Python packages. To run it:

    npx -y deno@2.9.6 task simulator --port 8787 --pace realtime
    python3 -m venv venv && venv/bin/pip install livekit-agents livekit-plugins-openai
    venv/bin/python tests/peers/livekit_peer.py http://127.0.0.1:8787/v1 examples/assets/question.wav

Prints what each step found, and ends with code 1 when one of them failed.
"""

import asyncio
import json
import sys
import wave

from livekit import rtc
from livekit.agents import llm
from livekit.plugins.openai.realtime import RealtimeModel

TIMEOUT_S = 30


@llm.function_tool
async def get_weather(city: str) -> str:
    """Tells the weather in a city.

    Args:
        city: Name of the city.
    """
    return "foggy"


async def read(generation: llm.GenerationCreatedEvent) -> tuple[str, float, list[llm.FunctionCall]]:
    """Text, seconds of audio and function calls of a response."""
    text, seconds, calls = "", 0.0, []

    async def messages() -> None:
        nonlocal text, seconds
        async for message in generation.message_stream:
            async for part in message.text_stream:
                text += str(part)
            async for frame in message.audio_stream:
                seconds += frame.duration

    async def functions() -> None:
        async for call in generation.function_stream:
            calls.append(call)

    await asyncio.wait_for(asyncio.gather(messages(), functions()), TIMEOUT_S)
    return text, seconds, calls


async def say(session: llm.RealtimeSession, text: str):
    context = session.chat_ctx.copy()
    context.add_message(role="user", content=text)
    await session.update_chat_ctx(context)
    return await read(await asyncio.wait_for(session.generate_reply(), TIMEOUT_S))


async def main(base_url: str, speech: str) -> dict[str, object]:
    model = RealtimeModel(model="gpt-realtime", base_url=base_url, api_key="sk-test")
    session = model.session()
    errors: list[str] = []
    session.on("error", lambda event: errors.append(str(event.error)))
    await session.update_instructions("Be brief.")

    text, seconds, _ = await say(session, "Hello there.")
    found: dict[str, object] = {"text turn": [text, seconds > 0]}

    await session.update_tools([get_weather])
    _, _, calls = await say(session, "How is the weather in Oslo?")
    context = session.chat_ctx.copy()
    context.insert(
        llm.FunctionCallOutput(call_id=calls[0].call_id, name=calls[0].name, output="foggy", is_error=False)
    )
    await session.update_chat_ctx(context)
    text, _, _ = await read(await asyncio.wait_for(session.generate_reply(), TIMEOUT_S))
    found["tool round"] = [calls[0].name, json.loads(calls[0].arguments), text]

    answered: asyncio.Future[llm.GenerationCreatedEvent] = asyncio.get_running_loop().create_future()
    heard: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    session.on("generation_created", lambda event: answered.done() or answered.set_result(event))
    session.on(
        "input_audio_transcription_completed",
        lambda event: event.is_final and (heard.done() or heard.set_result(event.transcript)),
    )
    with wave.open(speech) as file:
        rate, samples = file.getframerate(), file.readframes(file.getnframes())
    samples += bytes(2 * rate)
    step = rate // 50 * 2
    for start in range(0, len(samples) - step, step):
        session.push_audio(rtc.AudioFrame(samples[start : start + step], rate, 1, step // 2))
        await asyncio.sleep(0.02)
    _, seconds, _ = await read(await asyncio.wait_for(answered, TIMEOUT_S))
    found["spoken turn"] = [await asyncio.wait_for(heard, TIMEOUT_S), round(seconds, 1)]
    await session.aclose()
    await model.aclose()
    found["errors"] = errors
    return found


if __name__ == "__main__":
    result = asyncio.run(main(*sys.argv[1:3]))
    print(json.dumps(result, indent=2))
    sys.exit(1 if result["errors"] else 0)
