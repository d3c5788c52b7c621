// Checks a transparency log on a disk with code that nobody here wrote: golang.org/x/mod/sumdb/note and sumdb/tlog.
//
//	check_log FOLDER      the folder with checkpoint, log.vkey and tile/
//
// Exit code 1 and a reason when anything is not as it should be.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const width = 1 << height

// Through tiles so many inclusions of a larger log are proven; of every entry it is done from the recomputed tree.
const inclusionsMax = 1500

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "check_log FOLDER")
		os.Exit(2)
	}
	report, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "check_log:", err)
		os.Exit(1)
	}
	fmt.Println(report)
}

func check(folder string) (string, error) {
	tree, origin, err := openCheckpoint(folder)
	if err != nil {
		return "", err
	}
	entries, err := readEntries(folder, tree.N)
	if err != nil {
		return "", err
	}
	stored, err := recompute(entries, tree)
	if err != nil {
		return "", err
	}
	tiles, err := compareTiles(folder, tree, stored)
	if err != nil {
		return "", err
	}
	reader := tlog.TileHashReader(tree, &tileFolder{folder})
	proven, err := proveInclusions(reader, entries, tree, stored)
	if err != nil {
		return "", err
	}
	consistent, err := proveConsistencies(reader, tree, stored)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s: %d entries, %d tiles, %d inclusions through tiles, %d consistencies", origin, tree.N, tiles,
		proven, consistent), nil
}

func openCheckpoint(folder string) (tlog.Tree, string, error) {
	var tree tlog.Tree
	keys, err := os.ReadFile(filepath.Join(folder, "log.vkey"))
	if err != nil {
		return tree, "", err
	}
	var verifiers []note.Verifier
	for _, line := range strings.Split(strings.TrimSuffix(string(keys), "\n"), "\n") {
		verifier, err := note.NewVerifier(line)
		if err != nil {
			return tree, "", fmt.Errorf("vkey %q: %w", line, err)
		}
		verifiers = append(verifiers, verifier)
	}
	message, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return tree, "", err
	}
	opened, err := note.Open(message, note.VerifierList(verifiers...))
	if err != nil {
		return tree, "", fmt.Errorf("checkpoint: %w", err)
	}
	// tlog.ParseTree takes the trees of the Go checksum database only.
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifiers[0].Name() {
		return tree, "", fmt.Errorf("checkpoint: not three lines under the key's name: %q", opened.Text)
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, "", err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tree, "", fmt.Errorf("checkpoint: root %q", lines[2])
	}
	copy(tree.Hash[:], root)
	return tree, lines[0], nil
}

// x/mod's path of a tile, and where tlog-tiles has it.
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	if tile.L == -1 {
		path = "entries/" + strings.TrimPrefix(path, "data/")
	}
	return "tile/" + filepath.FromSlash(path)
}

type tileFolder struct{ folder string }

func (f *tileFolder) Height() int                     { return height }
func (f *tileFolder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f *tileFolder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		bytes, err := os.ReadFile(filepath.Join(f.folder, pathOf(tile)))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func readEntries(folder string, size int64) ([][]byte, error) {
	var entries [][]byte
	for n := int64(0); n*width < size; n++ {
		tile := tlog.Tile{H: height, L: -1, N: n, W: int(min(width, size-n*width))}
		bundle, err := os.ReadFile(filepath.Join(folder, pathOf(tile)))
		if err != nil {
			return nil, err
		}
		for i := 0; i < tile.W; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s: ends in entry %d", pathOf(tile), i)
			}
			length := 2 + int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:length])
			bundle = bundle[length:]
		}
		if len(bundle) != 0 {
			return nil, fmt.Errorf("%s: %d bytes too many", pathOf(tile), len(bundle))
		}
	}
	return entries, nil
}

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(m)) {
			return nil, errors.New("a hash outside the tree")
		}
		hashes = append(hashes, m[index])
	}
	return hashes, nil
}

// The whole tree from the entries alone: x/mod before 0.40 does not authenticate every tile that it reads.
func recompute(entries [][]byte, tree tlog.Tree) (memory, error) {
	var stored memory
	for i, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(i), entry, stored)
		if err != nil {
			return nil, err
		}
		stored = append(stored, hashes...)
	}
	if tree.N == 0 {
		return stored, nil
	}
	root, err := tlog.TreeHash(tree.N, stored)
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, fmt.Errorf("the entries hash to %v, and %v was signed", root, tree.Hash)
	}
	return stored, nil
}

func compareTiles(folder string, tree tlog.Tree, stored memory) (int, error) {
	count := 0
	for _, tile := range tlog.NewTiles(height, 0, tree.N) {
		// NewTiles names the partial tiles of all sizes on the way.
		if tile.W < width && int64(tile.W) != tree.N>>(height*uint(tile.L))%width {
			continue
		}
		wanted, err := tlog.ReadTileData(tile, stored)
		if err != nil {
			return 0, err
		}
		found, err := os.ReadFile(filepath.Join(folder, pathOf(tile)))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(wanted, found) {
			return 0, fmt.Errorf("%s: not the hashes of the tree", pathOf(tile))
		}
		count++
	}
	return count, nil
}

func proveInclusions(reader tlog.HashReader, entries [][]byte, tree tlog.Tree, stored memory) (int, error) {
	prove := func(from tlog.HashReader, i int64) error {
		proof, err := tlog.ProveRecord(tree.N, i, from)
		if err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, i, tlog.RecordHash(entries[i])); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		return nil
	}
	step := tree.N/inclusionsMax + 1
	proven := 0
	for i := int64(0); i < tree.N; i++ {
		if err := prove(stored, i); err != nil {
			return 0, err
		}
		if i%step != 0 && i < tree.N-width {
			continue
		}
		if err := prove(reader, i); err != nil {
			return 0, err
		}
		proven++
	}
	return proven, nil
}

func proveConsistencies(reader tlog.HashReader, tree tlog.Tree, stored memory) (int, error) {
	proven := 0
	for old := int64(1); old <= tree.N; old += 1 + old/29 {
		for _, size := range []int64{old, min(old+1, tree.N), min(2*old+3, tree.N), tree.N} {
			older, err := tlog.TreeHash(old, stored)
			if err != nil {
				return 0, err
			}
			newer, err := tlog.TreeHash(size, stored)
			if err != nil {
				return 0, err
			}
			proof, err := tlog.ProveTree(size, old, reader)
			if err != nil {
				return 0, fmt.Errorf("%d to %d: %w", old, size, err)
			}
			if err := tlog.CheckTree(proof, size, newer, old, older); err != nil {
				return 0, fmt.Errorf("%d to %d: %w", old, size, err)
			}
			proven++
		}
	}
	return proven, nil
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
