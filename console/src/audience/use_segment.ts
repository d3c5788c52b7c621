// A segment while it is being written: its text, the tree when the text can be read, and how many it means, asked for
// once the typing rests.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { api, ask } from "../api/client";
import { Mistake, readSegment, writeSegment, type Segment } from "./segment_text";

const restMs = 350;

export function useSettled<T>(value: T, milliseconds = restMs): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

export function treeOf(text: string): { tree: Segment | null; mistake: Mistake | null } {
  try {
    return { tree: readSegment(text), mistake: null };
  } catch (error) {
    if (error instanceof Mistake) return { tree: null, mistake: error };
    throw error;
  }
}

export function useSegment(first: string) {
  const [text, setText] = useState(first);
  const [purpose, setPurpose] = useState("reports");
  const settled = useSettled(text);
  const { tree, mistake } = useMemo(() => treeOf(text), [text]);
  const body = { expression: settled, purpose };
  const size = useQuery({
    queryKey: ["segment-count", settled, purpose],
    retry: false,
    enabled: settled.trim() !== "",
    queryFn: () => ask(api.POST("/v1/segments/count", { body })),
    placeholderData: (before) => before,
  });
  const composition = useQuery({
    queryKey: ["segment-composition", settled, purpose],
    retry: false,
    enabled: size.isSuccess && !size.isPlaceholderData,
    queryFn: () => ask(api.POST("/v1/segments/composition", { params: { query: { limit: 100 } }, body })),
  });
  return {
    text,
    setText,
    setTree: (next: Segment) => setText(writeSegment(next)),
    tree,
    mistake,
    purpose,
    setPurpose,
    size,
    composition,
    settled,
  };
}
