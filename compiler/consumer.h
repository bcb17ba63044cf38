#ifndef EFFC_COMPILER_CONSUMER_H
#define EFFC_COMPILER_CONSUMER_H

#include "function.h"

/* What queues and streams share: the mapping to their function, and dead-letter queues. */
#define CONSUMER_QUEUE_BATCH 10
#define CONSUMER_STREAM_BATCH 100

struct part *dead_letters_add(struct compiler *c, struct block *b, bool fifo);
/* config: the table with batch_size and window. */
struct part *mapping_add(struct compiler *c, struct block *b, const struct function *f,
			 struct value source, const struct value *config, int64_t batch);
/* Without a handler: its keys, and those of every function, mean nothing. */
void consumer_keys_refuse(struct compiler *c, struct block *b, const char *keys);

#endif
