#ifndef EFFC_BASE_ATTR_H
#define EFFC_BASE_ATTR_H

/*
 * The only place for compiler extensions.  Every use has a plain meaning:
 * CHECKED results must be looked at, PRINTF arguments are checked against the
 * format, NORETURN does not come back, UNUSED is named for its signature only,
 * TARGET takes instructions that not every processor has: CPU_HAS says whether this one does.
 */

#if defined(__GNUC__)
#define ATTR_CHECKED __attribute__((warn_unused_result))
#define ATTR_PRINTF(format, first) __attribute__((__format__(printf, format, first)))
#define ATTR_NORETURN __attribute__((noreturn))
#define ATTR_UNUSED __attribute__((unused))
#define ATTR_TARGET(names) __attribute__((target(names)))
#define ATTR_CPU_HAS(name) __builtin_cpu_supports(name)
#else
#define ATTR_CHECKED
#define ATTR_PRINTF(format, first)
#define ATTR_NORETURN
#define ATTR_UNUSED
#define ATTR_TARGET(names)
#define ATTR_CPU_HAS(name) 0
#endif

/* Stops the program, printing where: our mistake, never the user's or the world's. */
ATTR_NORETURN void bug_at(const char *file, int line, const char *format, ...) ATTR_PRINTF(3, 4);
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)

/* assert() that stays in every build. */
#define CHECK(condition) ((condition) ? (void)0 : bug_at(__FILE__, __LINE__, "%s", #condition))

#endif
