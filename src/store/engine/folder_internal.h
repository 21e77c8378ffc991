/** The folder of a chain: which generation is current, and who may write.
 *
 *  DIR/<chain>/CURRENT   the number of the current generation, six digits or more and a newline
 *  DIR/<chain>/NNNNNN.mdb (and its lock file): a generation
 *  DIR/<chain>/load.mdb  (and its lock file): a load that is not finished; bulk.c
 *  DIR/<chain>/writer    locked by the one writer
 *  A reader holds a shared lock on the folder while it reads CURRENT and opens the file, and a
 *  writer an exclusive one while it swaps generations, so a reader never opens a file that is gone.
 */
#ifndef SG_STORE_ENGINE_FOLDER_INTERNAL_H
#define SG_STORE_ENGINE_FOLDER_INTERNAL_H

#include "formats/record/record.h"
#include "store/engine/kv_internal.h"

#define SG_PATH_MAX 4096

struct sg_folder {
    char path[SG_PATH_MAX]; /**< DIR/<chain> */
    int lock;               /**< of the writer, or -1 */
};

/** Errors: SG_EUSAGE (path too long). */
SG_MUST_CHECK enum sg_status sg_folder_init(struct sg_folder *folder, const char *dir,
                                            const struct sg_chain *chain, struct sg_err *err);

/** Make the folder if it is missing and become its writer; removes generations that a killed writer
 *  left, and an unfinished load unless it is to go on. Errors: SG_EBUSY, SG_EIO, SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_folder_lock(struct sg_folder *folder, const char *dir,
                                            bool keep_load, struct sg_err *err);
void sg_folder_unlock(struct sg_folder *folder);

/** Number of the current generation. Errors: SG_ENOTFOUND (none), SG_EIO, SG_ECORRUPT. */
SG_MUST_CHECK enum sg_status sg_folder_current(uint64_t *generation, const struct sg_folder *folder,
                                               struct sg_err *err);

/** Open the current generation's file. Errors: as sg_folder_current and sg_kv_open. */
SG_MUST_CHECK enum sg_status sg_folder_open(struct sg_kv **kv, uint64_t *generation,
                                            const struct sg_folder *folder, struct sg_err *err);

/** Make and open the file of a generation that is not current. */
SG_MUST_CHECK enum sg_status sg_folder_create(struct sg_kv **kv, const struct sg_folder *folder,
                                              uint64_t generation, struct sg_err *err);

/** Open the file of an unfinished load, made if it is missing. */
SG_MUST_CHECK enum sg_status sg_folder_open_load(struct sg_kv **kv, const struct sg_folder *folder,
                                                 struct sg_err *err);
void sg_folder_remove_load(const struct sg_folder *folder);

/** Make the load, which nobody has open, a generation that is not current. Errors: SG_EIO. */
SG_MUST_CHECK enum sg_status sg_folder_take_load(const struct sg_folder *folder,
                                                 uint64_t generation, struct sg_err *err);

/** Name a generation the current one, synced, and remove all others. If only the removal fails,
 *  that is left to the next writer. Errors: SG_EIO. */
SG_MUST_CHECK enum sg_status sg_folder_publish(const struct sg_folder *folder, uint64_t generation,
                                               struct sg_err *err);

/** Remove the files of a generation that is not current. */
void sg_folder_remove(const struct sg_folder *folder, uint64_t generation);

#endif
