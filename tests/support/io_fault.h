/** Faults of the disk: interposes the system calls by which a store writes (write, writev,
 *  pwrite, pwritev, fdatasync, fsync, msync, ftruncate, rename) in the test executable, and can
 * make the n-th fail.
 */
#ifndef SG_TESTS_SUPPORT_IO_FAULT_H
#define SG_TESTS_SUPPORT_IO_FAULT_H

#include <stdbool.h>

enum sg_io_fault_kind {
    SG_IO_FAULT_EIO,
    SG_IO_FAULT_ENOSPC,
    SG_IO_FAULT_SHORT, /**< a write does half of it, then the next says ENOSPC */
};

/** Let `after` calls succeed, then fail `times`; after = -1 switches faults off. */
void sg_io_fault(long after, long times, enum sg_io_fault_kind kind);

/** Whether a fault was delivered since the last sg_io_fault. */
bool sg_io_fault_fired(void);

#endif
