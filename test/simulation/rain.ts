/** The faults that come by themselves: processes die and stop, addresses and the store go away and come back. */
import type { SimWorld } from "./sim-world.js";
import type { SimRandom } from "./sim-random.js";

/** Plans the next fault, again and again, until the weather clears. */
export function rain(world: SimWorld, random: SimRandom, until: number): void {
  const { queue, weather } = world;
  const next = (): void => {
    const delay = world.options.pace * random.skewed(10, 400);
    if (queue.now + delay >= until) return;
    queue.schedule(delay, () => {
      strike(world, random);
      next();
    });
  };
  const strike = (it: SimWorld, dice: SimRandom): void => {
    const servers = [...it.servers.values()].filter(({ process }) => process.alive);
    const server = servers.length === 0 ? undefined : dice.pick(servers);
    const client = dice.pick(it.clients);
    if (server !== undefined && weather.has("serverCrash")) {
      weather.crashes += 1;
      server.process.kill();
    }
    if (weather.has("freeze")) {
      const process = server !== undefined && dice.chance(0.7) ? server.process : client.process;
      const ms = dice.skewed(10, 3_000);
      it.log(`${process.name} stops for ${ms.toFixed(0)} ms`);
      process.freeze(ms);
    }
    if (weather.has("clockJump")) {
      const process = server !== undefined && dice.chance(0.7) ? server.process : client.process;
      const ms = dice.pick([-3_600_000, -60_000, 60_000, 3_600_000]);
      it.log(`the clock of ${process.name} jumps by ${ms} ms`);
      process.jumpWall(ms);
    }
    if (client.process.alive && weather.has("clientCrash")) {
      it.log(`${client.process.name} dies`);
      client.process.kill();
    }
    if (server !== undefined) {
      const away = weather.has("unreachable");
      weather.setReachable(server.address, !away);
      if (away) it.log(`${server.address} cannot be reached`);
    }
    const down = weather.has("storeDown");
    if (down !== weather.storeIsDown) it.log(`the store is ${down ? "down" : "up"}`);
    weather.storeIsDown = down;
    it.watchMemory();
  };
  next();
}
