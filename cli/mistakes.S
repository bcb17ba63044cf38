/* The pages of docs/mistakes/, one behind the other, found by -I of the build folder. */
	.section .rodata
	.globl effc_mistakes_start
	.globl effc_mistakes_end
effc_mistakes_start:
	.incbin "cli/mistakes.txt"
effc_mistakes_end:
	.byte 0
#if defined(__linux__) && defined(__ELF__)
	.section .note.GNU-stack,"",%progbits
#endif
