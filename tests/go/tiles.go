package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	f_log "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

// shelf has the items of each tile, by the tile's name when it is full.
type shelf map[string][][]byte

// checkTiles hashes every entry, rebuilds every tile from that, and compares.
func checkTiles(folder string, checkpoint *f_log.Checkpoint) error {
	tiles := shelf{}
	leaves, err := readEntries(folder, checkpoint.Size, tiles)
	if err != nil {
		return err
	}
	if err := checkRoot(leaves, checkpoint); err != nil {
		return err
	}
	below := leaves
	for level := 0; len(below) > 0; level++ {
		var above []tlog.Hash
		for from := 0; from < len(below); from += width {
			hashes := below[from:min(from+width, len(below))]
			full := tileName(fmt.Sprintf("tile/%d", level), from/width, width)
			for _, hash := range hashes {
				tiles[full] = append(tiles[full], hash[:])
			}
			name := tileName(fmt.Sprintf("tile/%d", level), from/width, len(hashes))
			if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
				return err
			}
			if len(hashes) == width {
				above = append(above, treeRoot(hashes))
			}
		}
		below = above
	}
	return checkFiles(folder, tiles)
}

// checkRoot computes the root over the leaves, and compares.
func checkRoot(leaves []tlog.Hash, checkpoint *f_log.Checkpoint) error {
	// Once by Go's own sumdb/tlog, once by transparency-dev's compact range.
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			if at >= int64(len(stored)) {
				return nil, errors.New("no such hash")
			}
			out[i] = stored[at]
		}
		return out, nil
	})
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	growing := factory.NewEmptyRange(0)
	for n, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(int64(n), leaf, reader)
		if err != nil {
			return err
		}
		stored = append(stored, hashes...)
		if err := growing.Append(leaf[:], nil); err != nil {
			return err
		}
	}
	root := rfc6962.DefaultHasher.EmptyRoot()
	if size := int64(len(leaves)); size > 0 {
		hash, err := tlog.TreeHash(size, reader)
		if err != nil {
			return err
		}
		if root, err = growing.GetRootHash(nil); err != nil {
			return err
		}
		if !bytes.Equal(hash[:], root) {
			return errors.New("Go's two libraries disagree about the root")
		}
	}
	if !bytes.Equal(root, checkpoint.Hash) {
		return errors.New("the entries have another root than the checkpoint")
	}
	return nil
}

// treeRoot is the root over the hashes of a full tile.
func treeRoot(hashes []tlog.Hash) tlog.Hash {
	for len(hashes) > 1 {
		var above []tlog.Hash
		for i := 0; i < len(hashes); i += 2 {
			above = append(above, tlog.NodeHash(hashes[i], hashes[i+1]))
		}
		hashes = above
	}
	return hashes[0]
}

// readEntries gives the leaf hashes of all entries, and puts their bundles on the shelf.
func readEntries(folder string, size uint64, tiles shelf) ([]tlog.Hash, error) {
	var leaves []tlog.Hash
	for from := uint64(0); from < size; from += width {
		count := int(min(width, size-from))
		name := tileName("tile/entries", int(from/width), count)
		full := tileName("tile/entries", int(from/width), width)
		rest, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		for range count {
			if len(rest) < 2 || len(rest)-2 < int(binary.BigEndian.Uint16(rest)) {
				return nil, fmt.Errorf("%s is cut", name)
			}
			length := int(binary.BigEndian.Uint16(rest))
			leaves = append(leaves, tlog.RecordHash(rest[2:2+length]))
			tiles[full] = append(tiles[full], rest[:2+length])
			rest = rest[2+length:]
		}
		if len(rest) > 0 {
			return nil, fmt.Errorf("%s has more entries than its name says", name)
		}
	}
	return leaves, nil
}

func tileName(kind string, index, count int) string {
	name := fmt.Sprintf("%03d", index%1000)
	for index /= 1000; index > 0; index /= 1000 {
		name = fmt.Sprintf("x%03d/%s", index%1000, name)
	}
	if count < width {
		name += fmt.Sprintf(".p/%d", count)
	}
	return kind + "/" + name
}

// checkFiles wants every file below tile/ to be the beginning of the tile of its name: partial tiles of
// earlier sizes may still lie there, and nothing else.
func checkFiles(folder string, tiles shelf) error {
	return filepath.WalkDir(filepath.Join(folder, "tile"), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && len(tiles) == 0 {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		found, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		full, partial, isPartial := strings.Cut(filepath.ToSlash(name), ".p/")
		items, count := tiles[full], width
		if isPartial {
			if count, err = strconv.Atoi(partial); err != nil || partial != strconv.Itoa(count) {
				return fmt.Errorf("%s is no name of a tile", name)
			}
		}
		if count < 1 || count > len(items) {
			return fmt.Errorf("the log has no tile %s", name)
		}
		if !bytes.Equal(found, bytes.Join(items[:count], nil)) {
			return fmt.Errorf("%s is not as its entries make it", name)
		}
		return nil
	})
}
