// The examples below the text field: fixtures of the test suite, printed by real programs.
import group from "../../tests/fixtures/python/group.txt";
import chained from "../../tests/fixtures/python/chained.txt";
import swallowed from "../../tests/fixtures/python/swallowed_call.txt";
import cause from "../../tests/fixtures/js/cause.txt";
import uncaught from "../../tests/fixtures/js/uncaught.txt";
import log from "./sample-log.txt";

export const samples: readonly { name: string; text: string }[] = [
  { name: "Python: a wrong call", text: swallowed },
  { name: "Python: a chain", text: chained },
  { name: "Python: a group", text: group },
  { name: "Node: uncaught", text: uncaught },
  { name: "Node: two causes", text: cause },
  { name: "a log", text: log },
];
