// tessera appends entries to a tlog-tiles log on a local disk by Tessera's POSIX storage, for the bench
// `append` to stand beside: each submitter adds one entry, waits until it has its index, and adds the next.
//
//	tessera DIR SUBMITTERS SUBMISSIONS BYTES
//
// It prints the wall-clock seconds and the processor seconds that the appends took.
package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
	"k8s.io/klog/v2"
)

func main() {
	klog.InitFlags(nil)
	flag.Parse()
	if err := run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("tessera DIR SUBMITTERS SUBMISSIONS BYTES")
	}
	var numbers [3]int
	for i, arg := range args[1:] {
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no number from 1", arg)
		}
		numbers[i] = n
	}
	submitters, submissions, size := numbers[0], numbers[1], max(numbers[2], 8)

	secret, _, err := note.GenerateKey(rand.Reader, "bench.example/log")
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	ctx := context.Background()
	driver, err := posix.New(ctx, posix.Config{Path: args[0]})
	if err != nil {
		return err
	}
	// A batch goes when all who submit are in it; nobody waits for others that do not come.
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(uint(submitters), time.Millisecond).
		WithCheckpointInterval(time.Second)
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return err
	}

	before, began := processor(), time.Now()
	failed := make([]error, submitters)
	var group sync.WaitGroup
	for submitter := range submitters {
		group.Go(func() {
			for number := submitter; number < submissions; number += submitters {
				entry := make([]byte, size)
				binary.BigEndian.PutUint64(entry, uint64(number))
				if _, err := appender.Add(ctx, tessera.NewEntry(entry))(); err != nil {
					failed[submitter] = err
					return
				}
			}
		})
	}
	group.Wait()
	took, work := time.Since(began).Seconds(), processor()-before
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	if err := shutdown(ctx); err != nil {
		return err
	}
	fmt.Printf("%f %f\n", took, work)
	return nil
}

// processor gives the seconds that this process has spent on processors.
func processor() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(usage.Utime) + seconds(usage.Stime)
}
