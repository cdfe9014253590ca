import { Color, Group, InstancedMesh, Vector3 } from "three";
import { expect, test } from "vitest";
import { COATS } from "../render/avatar_shape";
import { CityUniforms } from "../render/materials";
import { HandView } from "./hand_view";
import { HandInput } from "./inputs";

test("one's own mittens wear the colour of one's coat", () => {
  const room = new Group();
  const hands = new HandView(room, new CityUniforms(), 3);
  const hand = new HandInput();
  hand.tracked = true;
  hands.update(hand, new HandInput(), new Vector3());
  const mittens = room.children.find((child) => child instanceof InstancedMesh);
  const worn = new Color();
  (mittens as InstancedMesh).getColorAt(0, worn);
  expect(worn.getHexString()).toBe(new Color(COATS[3]).getHexString());
});
