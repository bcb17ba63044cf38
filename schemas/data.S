/* The blob that datac wrote, found by -I of the build folder. */
	.section .rodata
	.balign 16
	.globl effc_schemas_start
	.globl effc_schemas_end
effc_schemas_start:
	.incbin "schemas/schemas.blob"
effc_schemas_end:
	.byte 0
#if defined(__linux__) && defined(__ELF__)
	.section .note.GNU-stack,"",%progbits
#endif
