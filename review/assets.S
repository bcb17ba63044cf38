/* Style and script of the page of a plan, found by -I of the source folder. */
	.section .rodata
	.globl effc_page_style_start
	.globl effc_page_style_end
	.globl effc_page_script_start
	.globl effc_page_script_end
effc_page_style_start:
	.incbin "review/page.css"
effc_page_style_end:
	.byte 0
effc_page_script_start:
	.incbin "review/page.js"
effc_page_script_end:
	.byte 0
#if defined(__linux__) && defined(__ELF__)
	.section .note.GNU-stack,"",%progbits
#endif
